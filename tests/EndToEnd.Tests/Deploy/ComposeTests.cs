using System.Globalization;
using Npgsql;
using Xunit;

namespace Capacitor.EndToEnd.Tests.Deploy;

/// <summary>docker-compose.yml as docker-compose itself reads it (version 1 writes ports and volumes as text, 2 in parts). It is not run: there is no engine here.</summary>
public class ComposeTests
{
    private static readonly Dictionary<string, string?> Secrets = new()
    {
        ["POSTGRES_PASSWORD"] = "pw0123",
        ["CAPACITOR_ADMIN_KEY"] = "admin0123",
        ["CAPACITOR_BOOTSTRAP_API_KEY"] = "cap_live_0123456789",
        ["CAPACITOR_SECRET_KEY"] = ServerProcess.SecretKey,
    };

    [Fact]
    public async Task File_WithSecrets_IsTaken_AndEverythingStartsByHealth()
    {
        var services = (await ReadAsync())["services"];
        Assert.Equal(["api", "balancer", "postgres", "silo"], services.Names.Order());
        Assert.Equal("service_healthy", services["silo"]["depends_on"]["postgres"]["condition"].Text);
        Assert.Equal("service_healthy", services["api"]["depends_on"]["silo"]["condition"].Text);
        Assert.Equal("service_healthy", services["balancer"]["depends_on"]["api"]["condition"].Text);

        var stages = Dockerfile.Stages();
        Assert.All(services.Names, name => Assert.True(
            services[name]["healthcheck"]["test"].Exists || stages[services[name]["build"]["target"].Text!].Any(line => line.StartsWith("HEALTHCHECK ", StringComparison.Ordinal)),
            $"{name} has no health check"));
    }

    [Fact]
    public async Task File_OfTheCluster_HasTwoOfEach_TimeToDrain_AndOneOpenPort()
    {
        var file = await ReadAsync();
        var services = file["services"];
        foreach (var name in new[] { "silo", "api" })
        {
            Assert.Equal("2", services[name]["deploy"]["replicas"].Text);
            Assert.True(Seconds(services[name]["stop_grace_period"].Text!) > 30, "A drain takes up to 30 seconds.");
            Assert.Equal("true", services[name]["read_only"].Text);
            Assert.Equal(["ALL"], services[name]["cap_drop"].Texts);
            Assert.True(Dockerfile.Stages().ContainsKey(services[name]["build"]["target"].Text!));
            Assert.True(File.Exists(Repository.PathOf(services[name]["build"]["dockerfile"].Text!)));
        }

        // Silos, Apis and the database are reached from inside only.
        Assert.Equal(["balancer"], services.Names.Where(name => services[name]["ports"].Exists));
        var port = Assert.Single(services["balancer"]["ports"].Items);
        Assert.Equal("127.0.0.1:5080:8080/tcp", port.Text ?? $"{port["host_ip"].Text}:{port["published"].Text}:{port["target"].Text}/{port["protocol"].Text}");
        Assert.Contains(services["postgres"]["volumes"].Items, volume =>
            volume.Text is "database:/var/lib/postgresql/data:rw" || (volume["source"].Text, volume["target"].Text) is ("database", "/var/lib/postgresql/data"));
        Assert.Contains("database", file["volumes"].Names);
    }

    [Fact]
    public async Task File_Settings_AreOnesTheProgramKnows()
    {
        var services = (await ReadAsync())["services"];
        foreach (var name in new[] { "silo", "api" })
        {
            var environment = services[name]["environment"];
            Assert.Empty(environment.Names.Where(variable => !variable.StartsWith("ASPNETCORE_", StringComparison.Ordinal))
                .Select(ProgramSettings.KeyOf).Except(ProgramSettings.Keys(), StringComparer.OrdinalIgnoreCase));
            NpgsqlConnectionStringBuilder database = new(environment["ConnectionStrings__Capacitor"].Text);
            Assert.Equal(("postgres", "capacitor", "capacitor", "pw0123"), (database.Host, database.Username, database.Database, database.Password));
            Assert.Equal(services["postgres"]["environment"]["POSTGRES_PASSWORD"].Text, database.Password);
        }
    }

    [Theory]
    [InlineData("POSTGRES_PASSWORD")]
    [InlineData("CAPACITOR_ADMIN_KEY")]
    [InlineData("CAPACITOR_BOOTSTRAP_API_KEY")]
    [InlineData("CAPACITOR_SECRET_KEY")]
    public async Task File_WithoutASecret_IsRefusedAndSaysWhatToDo(string missing)
    {
        var (exitCode, output) = await ComposeAsync(new(Secrets) { [missing] = "" });
        Assert.NotEqual(0, exitCode);
        Assert.Contains("copy .env.example to .env", output, StringComparison.Ordinal);
        Assert.Contains($"{missing}=", Repository.Read(".env.example").Split('\n'));
    }

    [Fact]
    public async Task HealthCheck_OfTheBalancer_TellsReadyFromNotReady()
    {
        await using var server = await Backend.StartAsync("one");
        var test = (await ReadAsync())["services"]["balancer"]["healthcheck"]["test"].Texts.ToList();
        Assert.Equal("CMD", test[0]);
        var script = test[3].Replace("/8080", $"/{server.Address.Port}", StringComparison.Ordinal);

        Assert.Equal(0, (await Tool.RunAsync(test[1], [test[2], script])).ExitCode);
        server.IsReady = false;
        Assert.NotEqual(0, (await Tool.RunAsync(test[1], [test[2], script])).ExitCode);
    }

    private static async Task<Yaml> ReadAsync()
    {
        var (exitCode, output) = await ComposeAsync(Secrets);
        Assert.True(exitCode == 0, output);
        return Yaml.Parse(output);
    }

    private static Task<(int ExitCode, string Output)> ComposeAsync(Dictionary<string, string?> environment)
    {
        var program = Tool.Find("docker-compose") ?? throw new InvalidOperationException("docker-compose is not installed: run ./test.sh, which installs it.");
        return Tool.RunAsync(program, ["-f", "docker-compose.yml", "config"], environment: environment);
    }

    // 40s, or 1m0s
    private static double Seconds(string duration) => duration.Split('m') switch
    {
        [var minutes, var seconds] => 60 * int.Parse(minutes, CultureInfo.InvariantCulture) + (seconds is "" ? 0 : int.Parse(seconds.TrimEnd('s'), CultureInfo.InvariantCulture)),
        _ => int.Parse(duration.TrimEnd('s'), CultureInfo.InvariantCulture),
    };
}
