using System.CommandLine;
using Capacitor.Cli.Simulate;

var root = new RootCommand("capacitor: tools around the Capacitor OCPP backend.") { SimulateCommand.Build() };

// Long enough to end the transactions and close the sockets after Ctrl-C.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
