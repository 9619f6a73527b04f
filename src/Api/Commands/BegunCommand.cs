using Capacitor.Chargers;
using Capacitor.Tenants;

namespace Capacitor.Api.Commands;

/// <summary>A command that has begun: it exists, and has a way to go unless its route says why not.</summary>
internal sealed record BegunCommand(ChargeBoxId Charger, TenantId Tenant, Command Command, CommandRoute Route, long BeganAt);
