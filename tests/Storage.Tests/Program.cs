using System.Diagnostics;
using System.Globalization;
using Capacitor.Storage;
using Capacitor.Storage.Tests;

// Not run by the test runner: the process that KillTests kills, and a measurement to run by hand:
//   dotnet run -c Release --project tests/Storage.Tests -- measure [deliveries] [postgres] [writers] [seconds] [rows]
switch (args)
{
    case ["flow", var folder]:
        await Flow.RunAsync(folder, Console.Out);
        return 0;
    case ["measure", "deliveries", "postgres", .. var rest]:
        await Measure.PostgresDeliveriesAsync(Number(rest, 0, 10), Number(rest, 1, 5), Number(rest, 2, 256));
        return 0;
    case ["measure", "deliveries", .. var rest]:
        await Measure.SqliteDeliveriesAsync(Number(rest, 0, 10), Number(rest, 1, 5), Number(rest, 2, 256));
        return 0;
    case ["measure", "postgres", .. var rest]:
        await Measure.PostgresAsync(Number(rest, 0, 100), Number(rest, 1, 5));
        return 0;
    case ["measure", .. var rest]:
        await Measure.SqliteAsync(Number(rest, 0, 100), Number(rest, 1, 5));
        return 0;
    default:
        Console.Error.WriteLine("flow FOLDER | measure [deliveries] [postgres] [WRITERS] [SECONDS] [ROWS]");
        return 1;
}

static int Number(string[] args, int index, int otherwise) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
