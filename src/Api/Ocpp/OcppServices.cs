using Capacitor.Api.Messages;
using Capacitor.Silo;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Capacitor.Api.Ocpp;

/// <summary>The OCPP endpoint.</summary>
internal static class OcppServices
{
    // Chargers come back all at once. A connection that finds no room here is tried again by its kernel a second later.
    private const int Backlog = 4096;

    private const string UnknownChargersKey = "Capacitor:UnknownChargers";

    /// <summary>Registers the endpoint's services.</summary>
    public static IServiceCollection AddOcpp(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<OcppOptions, OcppOptionsValidator>().BindConfiguration(OcppOptions.Section);
        services.AddSingleton<IConfigureOptions<OcppOptions>, UnknownChargersSetting>();
        services.AddSingleton<IValidateOptions<OcppOptions>, UnknownChargersSetting>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<LifeClock>();
        services.AddSingleton<SocketTable>();
        services.AddSingleton<OcppMetrics>();
        services.AddSingleton<OcppEdge>();
        services.AddSingleton<Handshake>();
        services.Configure<SocketTransportOptions>(sockets => sockets.Backlog = Backlog);
        services.AddSingleton<LostConnections>();
        services.AddSingleton<GatewayLease>();
        services.AddSingleton<IReadinessCheck>(static provider => provider.GetRequiredService<GatewayLease>());
        services.AddHostedService(static provider => provider.GetRequiredService<GatewayLease>());
        services.AddHostedService<LifeSweeper>();
        services.AddHostedService<OcppShutdown>();
        services.AddMessages();
        return services;
    }

    /// <summary>
    /// Takes what comes under <c>/ocpp</c>. To be called before all other middleware: whatever stands before it stays in memory for as
    /// long as a charger is connected.
    /// </summary>
    public static void MapOcpp(this WebApplication app)
    {
        var handshake = new Lazy<Handshake>(app.Services.GetRequiredService<Handshake>); // wrong options are told when the start looks for them
        app.Use(next => context =>
            ChargerPath.TryMatch(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, out _) ? handshake.Value.ServeAsync(context) : next(context));
    }

    private sealed class UnknownChargersSetting(IConfiguration configuration) : IConfigureOptions<OcppOptions>, IValidateOptions<OcppOptions>
    {
        public void Configure(OcppOptions options) => options.UnknownChargers = Read() ?? UnknownChargers.Reject;

        public ValidateOptionsResult Validate(string? name, OcppOptions options) => Read() is null
            ? ValidateOptionsResult.Fail($"{UnknownChargersKey} is '{configuration[UnknownChargersKey]}'. Set it to 'reject' or 'accept'.")
            : ValidateOptionsResult.Success;

        private UnknownChargers? Read() => configuration[UnknownChargersKey]?.Trim().ToUpperInvariant() switch
        {
            null or "" or "REJECT" => UnknownChargers.Reject,
            "ACCEPT" => UnknownChargers.Accept,
            _ => null,
        };
    }
}
