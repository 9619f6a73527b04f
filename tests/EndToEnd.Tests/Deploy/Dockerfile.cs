namespace Capacitor.EndToEnd.Tests.Deploy;

/// <summary>deploy/Dockerfile, stage by stage.</summary>
internal static class Dockerfile
{
    /// <summary>The instructions of each stage by its name, each in one line.</summary>
    public static Dictionary<string, List<string>> Stages()
    {
        Dictionary<string, List<string>> stages = [];
        List<string> current = [];
        foreach (var line in Repository.Read("deploy/Dockerfile").Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            .Select(line => line.Trim()).Where(line => line is not "" && !line.StartsWith('#')))
        {
            if (line.Split(' ') is ["FROM", _, "AS", var name])
            {
                stages.Add(name, current = []);
            }

            current.Add(line);
        }

        return stages;
    }
}
