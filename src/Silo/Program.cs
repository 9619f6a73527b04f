using Capacitor.Silo;

if (await HealthProbe.TryRunAsync(args) is { } health)
{
    return health;
}

var builder = CapacitorHost.CreateBuilder(args);
if (Deployment.Database(builder.Configuration) is null)
{
    await Console.Error.WriteLineAsync(
        "Capacitor cannot start: a silo of its own needs a cluster. Set ConnectionStrings:Capacitor to its database, or start Capacitor.Api, which needs nothing else.");
    return 1;
}

builder.AddCapacitorSilo();

var app = builder.Build();
app.MapCapacitorHealth();
app.MapCapacitorDashboard();
return await app.RunCapacitorAsync();
