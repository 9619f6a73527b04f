using Capacitor.Silo;

var builder = CapacitorHost.CreateBuilder(args);
builder.AddCapacitorSilo();

var app = builder.Build();
app.MapCapacitorHealth();
return await app.RunCapacitorAsync();
