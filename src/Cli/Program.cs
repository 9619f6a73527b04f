using System.CommandLine;
using Capacitor.Cli.Listen;
using Capacitor.Cli.Simulate;

var root = new RootCommand("capacitor: tools around the Capacitor OCPP backend.") { SimulateCommand.Build(), ListenCommand.Build() };

// Long enough to end the transactions and close the sockets, or to end a forwarded event, after Ctrl-C.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
