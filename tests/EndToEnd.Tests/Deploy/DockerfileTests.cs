using System.Text.Json;
using Xunit;

namespace Capacitor.EndToEnd.Tests.Deploy;

/// <summary>The images, as far as they go without an engine: what they copy is enough to build, and what is built is what they start.</summary>
public class DockerfileTests
{
    [Fact]
    public async Task Build_OfWhatIsCopied_YieldsWhatTheImagesStart()
    {
        var stages = Dockerfile.Stages();
        using var folder = new TemporaryDirectory();
        var source = Directory.CreateDirectory(Path.Combine(folder.Path, "source")).FullName;
        foreach (var copy in stages["build"].Where(line => line.StartsWith("COPY ", StringComparison.Ordinal)))
        {
            foreach (var file in copy.Split(' ')[1..^1])
            {
                Copy(Repository.PathOf(file), Path.Combine(source, file.TrimEnd('/')));
            }
        }

        var run = stages["build"].Single(line => line.StartsWith("RUN ", StringComparison.Ordinal));
        var script = run[run.IndexOf("dotnet", StringComparison.Ordinal)..].Replace("/out/", $"{folder.Path}/out/", StringComparison.Ordinal);
        var (exitCode, output) = await Tool.RunAsync("sh", ["-c", script], source, new Dictionary<string, string?> { ["MSBUILDDISABLENODEREUSE"] = "1" });
        Assert.True(exitCode == 0, output);

        foreach (var image in new[] { "silo", "api" })
        {
            Assert.Contains($"COPY --from=build /out/{image} ./", stages[image]);
            var entry = Command(stages[image], "ENTRYPOINT ");
            Assert.Equal("dotnet", entry[0]);
            Assert.True(File.Exists(Path.Combine(folder.Path, "out", image, entry[1])), $"{image}: there is no {entry[1]}");
            Assert.True(File.Exists(Path.Combine(folder.Path, "out", image, Path.ChangeExtension(entry[1], "runtimeconfig.json"))));
        }
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("api")]
    public async Task HealthCheck_OfAnImage_TellsReadyFromNotReady(string image)
    {
        await using var server = await Backend.StartAsync("one");
        var check = Command(Dockerfile.Stages()[image], "HEALTHCHECK ");
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, check[1]), .. check[2..^1], check[^1].Replace("localhost:5080", server.Address.Authority, StringComparison.Ordinal)];
        Assert.EndsWith("/health/ready", check[^1], StringComparison.Ordinal);

        var ready = await Tool.RunAsync(check[0], arguments);
        server.IsReady = false;
        var waiting = await Tool.RunAsync(check[0], arguments);
        await server.DisposeAsync();
        var gone = await Tool.RunAsync(check[0], arguments);

        Assert.Equal((0, 1, 1), (ready.ExitCode, waiting.ExitCode, gone.ExitCode));
        Assert.Contains("503", waiting.Output, StringComparison.Ordinal);
        Assert.Contains("does not answer", gone.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_RunAsSomebody_AndListenWhereTheyAreAsked()
    {
        var stages = Dockerfile.Stages();
        Assert.Equal("FROM base AS silo", stages["silo"][0]);
        Assert.Equal("FROM base AS api", stages["api"][0]);
        Assert.Contains("USER $APP_UID", stages["base"]);
        Assert.Contains("ASPNETCORE_HTTP_PORTS=5080", stages["base"].Single(line => line.StartsWith("ENV ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal("EXPOSE 11111 30000", stages["silo"].Single(line => line.StartsWith("EXPOSE ", StringComparison.Ordinal)));

        // What the build needs passes .dockerignore, which lets in only what it names.
        var let = Repository.Read(".dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..]).Order();
        var copied = stages["build"].Where(line => line.StartsWith("COPY ", StringComparison.Ordinal)).SelectMany(line => line.Split(' ')[1..^1]).Select(file => file.TrimEnd('/')).Order();
        Assert.Equal(copied, let);
    }

    private static string[] Command(List<string> stage, string instruction)
    {
        var line = stage.Single(line => line.StartsWith(instruction, StringComparison.Ordinal));
        return JsonSerializer.Deserialize<string[]>(line[line.IndexOf('[', StringComparison.Ordinal)..])!;
    }

    // As .dockerignore says: nothing that was built here.
    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            File.Copy(from, to);
            return;
        }

        Directory.CreateDirectory(to);
        foreach (var entry in Directory.EnumerateFileSystemEntries(from).Where(entry => Path.GetFileName(entry) is not ("bin" or "obj")))
        {
            Copy(entry, Path.Combine(to, Path.GetFileName(entry)));
        }
    }
}
