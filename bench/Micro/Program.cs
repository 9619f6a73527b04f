using BenchmarkDotNet.Running;
using Capacitor.Micro;

return args switch
{
    ["--smoke"] => Smoke.Run(),
    ["--pump", ..] => await PumpMeasure.RunAsync(args[1..]),
    ["--sink"] => await Sink.RunAsync(),
    _ => BenchmarkSwitcher.FromAssembly(typeof(Smoke).Assembly).Run(args).Any() ? 0 : 1,
};
