using System.Net.WebSockets;
using Capacitor.Limit;

// The physical limit: a bare Kestrel WebSocket, answers by hand, one HttpClient POST per event, nothing stored, nothing promised.
// It answers the product's registration calls so that the same load drives both. "post" is the limit of what posts a backlog.
if (args is ["post", .. var post])
{
    return await Poster.RunAsync(post);
}

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
builder.WebHost.UseSockets(sockets => sockets.Backlog = 4096);

var app = builder.Build();
await using var hooks = new Hooks(app.Configuration["webhook"]);
app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
app.Run(context =>
{
    var path = context.Request.Path.Value!;
    return path.StartsWith("/ocpp/", StringComparison.Ordinal) && context.WebSockets.IsWebSocketRequest
        ? SpeakAsync(context, path["/ocpp/".Length..], hooks)
        : ServeAsync(context, path, hooks);
});
await app.RunAsync();
return 0;

static async Task SpeakAsync(HttpContext context, string chargeBoxId, Hooks hooks)
{
    using var socket = await context.WebSockets.AcceptWebSocketAsync("ocpp1.6");
    await new ChargerConnection(chargeBoxId, socket, hooks).RunAsync();
}

static async Task ServeAsync(HttpContext context, string path, Hooks hooks)
{
    switch (path)
    {
        case "/health/ready":
            return;
        case "/metrics":
            await context.Response.WriteAsync($"dotnet_gc_last_collection_heap_size_bytes {GC.GetGCMemoryInfo().HeapSizeBytes}\n");
            return;
        case "/api/v1/chargers":
            context.Response.StatusCode = StatusCodes.Status201Created;
            return;
        case "/api/v1/webhooks":
            var wanted = await context.Request.ReadFromJsonAsync(Wire.Default.WantedHook);
            hooks.Open(wanted!.Url);
            context.Response.StatusCode = StatusCodes.Status201Created;
            return;
        default:
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
    }
}
