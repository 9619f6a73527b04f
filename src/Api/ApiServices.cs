using Capacitor.Api.Chargers;
using Capacitor.Api.Commands;
using Capacitor.Api.Docs;
using Capacitor.Api.Errors;
using Capacitor.Api.Events;
using Capacitor.Api.Idempotency;
using Capacitor.Api.IdTags;
using Capacitor.Api.Json;
using Capacitor.Api.Messages;
using Capacitor.Api.Payments;
using Capacitor.Api.Reservations;
using Capacitor.Api.Security;
using Capacitor.Api.Tenants;
using Capacitor.Api.Transactions;
using Capacitor.Api.Users;
using Capacitor.Api.Webhooks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Capacitor.Api;

/// <summary>The HTTP API's doors.</summary>
internal static class ApiServices
{
    /// <summary>Registers what the API needs; grains come from whoever hosts them.</summary>
    public static WebApplicationBuilder AddCapacitorApi(this WebApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptions<ApiOptions>().BindConfiguration("Capacitor");
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Shape(json.SerializerOptions).TypeInfoResolverChain.Insert(0, ApiJson.Default));
        builder.Services.AddSingleton<LocalListBuilder>();
        builder.Services.AddSingleton<CommandSender>().AddSingleton<CommandRunner>().AddSingleton<CommandTarget>();
        builder.Services.AddEvents();
        builder.Services.AddDocs();
        builder.AddTransportSecurity();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        return builder;
    }

    /// <summary>What every HTTP request passes first: its span, its id, and the one shape of errors.</summary>
    public static WebApplication UseCapacitorErrors(this WebApplication app)
    {
        app.UseMiddleware<RequestTrace>();
        app.UseMiddleware<ErrorMiddleware>();
        return app;
    }

    /// <summary>The whole surface.</summary>
    public static WebApplication MapCapacitorApi(this WebApplication app)
    {
        app.UseForwardedScheme();
        app.UseRouting();
        app.UseMiddleware<ApiKeyMiddleware>();
        app.UseMiddleware<AdminKeyMiddleware>();
        app.UseMiddleware<IdempotencyMiddleware>();
        app.MapAbout();
        app.MapDocs();

        var api = app.MapGroup("/api/v1").RequireApiKey().TakeIdempotencyKeys();
        api.MapWebhooks();
        api.MapDeliveries();
        api.MapReplays();
        api.MapChargers();
        api.MapAnomalies();
        api.MapMessages();
        api.MapTransactions();
        api.MapCommands();
        api.MapProfiles();
        api.MapReservations();
        api.MapEvents();
        api.MapAuthorities();
        api.MapOwnTenant();
        api.MapConnectors();
        api.MapMeterValues();
        api.MapIdTags();
        api.MapUsers();
        api.MapPayments();

        if (!string.IsNullOrWhiteSpace(app.Services.GetRequiredService<IOptions<ApiOptions>>().Value.AdminKey))
        {
            var admin = app.MapGroup("/api/v1/admin").RequireAdminKey().TakeIdempotencyKeys();
            admin.MapTenants();
            admin.MapTenantAuthorities();
        }

        return app;
    }
}
