using Capacitor.Silo;

if (await HealthProbe.TryRunAsync(args) is { } health)
{
    return health;
}

var builder = CapacitorHost.CreateBuilder(args);
builder.AddCapacitorSilo();

var app = builder.Build();
app.MapCapacitorHealth();
app.MapCapacitorDashboard();
return await app.RunCapacitorAsync();
