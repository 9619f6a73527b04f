using Capacitor.Silo;

var builder = CapacitorHost.CreateBuilder(args);
builder.AddCapacitorSilo();

var app = builder.Build();
app.MapCapacitorHealth();
app.MapCapacitorDashboard();
return await app.RunCapacitorAsync();
