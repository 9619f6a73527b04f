namespace Capacitor.Api.Ocpp;

/// <summary>Under whose name a socket's messages are logged; null: they are not, since the silo that let it in did not say.</summary>
internal readonly record struct LoggedCharger(string? Registration, string? Tenant);
