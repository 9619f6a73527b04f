using Capacitor.Silo;

var builder = WebApplication.CreateBuilder(args);
builder.AddCapacitorSilo();

var app = builder.Build();
app.MapCapacitorHealth();
return await app.RunCapacitorAsync();
