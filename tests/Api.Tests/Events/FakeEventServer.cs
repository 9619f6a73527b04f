using Capacitor.Api.Errors;
using Capacitor.Api.Events;
using Capacitor.Api.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Capacitor.Api.Tests.Events;

/// <summary>The event endpoints on a real Kestrel, in front of a journal and a clock that a test holds.</summary>
internal sealed class FakeEventServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeEventServer(WebApplication app)
    {
        _app = app;
        Http = new() { BaseAddress = new(app.Urls.First()), DefaultRequestHeaders = { { PresentedKey.Header, "cap_live_fake" } } };
    }

    public HttpClient Http { get; }

    public OpenStreams Streams => _app.Services.GetRequiredService<OpenStreams>();

    public static async Task<FakeEventServer> StartAsync(FakeRecords records, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(records.Grains());
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddEvents();
        var app = builder.Build();
        app.UseMiddleware<ErrorMiddleware>();
        app.Use(next => context =>
        {
            context.Features.Set(new Caller(FakeRecords.TheTenant));
            return next(context);
        });
        app.MapGroup("/api/v1").MapEvents();
        await app.StartAsync();
        return new(app);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
