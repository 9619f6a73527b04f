using k8s;
using k8s.Models;
using Xunit;

namespace Capacitor.EndToEnd.Tests.Deploy;

/// <summary>The manifests, against the schemas of Kubernetes' API and against each other. They are not applied: there is no cluster here.</summary>
public class KubernetesTests
{
    private const string Folder = "deploy/kubernetes";

    private static readonly string[] Manifests = [.. Directory.EnumerateFiles(Repository.PathOf(Folder), "*.yaml", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != "kustomization.yaml").Order()];

    private static readonly List<IKubernetesObject<V1ObjectMeta>> Objects = [.. Manifests.SelectMany(Load)];

    [Fact]
    public async Task Manifests_AgainstTheSchemas_HaveAllThatIsRequiredInTheRightTypes()
    {
        await using var schemas = NodeClient.Start("kubernetes.mjs", Manifests);
        foreach (var _ in Objects)
        {
            var line = await schemas.NextAsync("problem");
            Assert.True(line.GetProperty("problem").GetString() is "", line.ToString());
        }

        await schemas.NextAsync("done");
    }

    [Fact]
    public void Manifests_WithAFieldThatDoesNotExist_WouldBeRefused()
    {
        // Reading them, as the other tests do, is strict.
        var text = File.ReadAllText(Manifests.Single(file => file.EndsWith("/base/silo.yaml", StringComparison.Ordinal)));
        Assert.ThrowsAny<Exception>(() => LoadText(text.Replace("minReadySeconds:", "minReadySecond:", StringComparison.Ordinal)));
    }

    [Fact]
    public void Kustomizations_ListEveryManifest_ButTheExampleOfTheSecret()
    {
        var listed = new[] { "base", "with-postgres" }.SelectMany(folder => Yaml.Parse(Repository.Read($"{Folder}/{folder}/kustomization.yaml"))["resources"].Texts
            .Select(resource => Path.GetFullPath(Repository.PathOf($"{Folder}/{folder}/{resource}")))).ToList();
        Assert.All(listed, path => Assert.True(Path.Exists(path), path));
        Assert.Equal(
            Manifests.Where(file => Path.GetFileName(file) != "secret.example.yaml"), listed.Where(File.Exists).Order());
    }

    [Fact]
    public void Selectors_OfServicesBudgetsAndPolicies_MeetPods()
    {
        var pods = Of<V1Deployment>().Select(deployment => deployment.Spec.Template).Concat(Of<V1StatefulSet>().Select(set => set.Spec.Template)).ToList();
        var selectors = Of<V1Service>().Select(service => service.Spec.Selector)
            .Concat(Of<V1PodDisruptionBudget>().Select(budget => budget.Spec.Selector.MatchLabels))
            .Concat(Of<V1NetworkPolicy>().Select(policy => policy.Spec.PodSelector.MatchLabels))
            .Concat(Of<V1NetworkPolicy>().SelectMany(policy => policy.Spec.Ingress).SelectMany(rule => rule.FromProperty).Where(peer => peer.PodSelector is not null).Select(peer => peer.PodSelector.MatchLabels))
            .Concat(Of<V1Deployment>().Select(deployment => deployment.Spec.Selector.MatchLabels));
        Assert.All(selectors, selector => Assert.Contains(pods, pod => selector.All(label => pod.Metadata.Labels.Contains(label))));

        var api = Of<V1Service>().Single(service => service.Name() == "api");
        Assert.All(Of<V1Ingress>().Single().Spec.Rules.SelectMany(rule => rule.Http.Paths), path => Assert.Equal(
            (api.Name(), api.Spec.Ports.Single().Name), (path.Backend.Service.Name, path.Backend.Service.Port.Name)));
        Assert.Equal("api", Of<V2HorizontalPodAutoscaler>().Single().Spec.ScaleTargetRef.Name);
        Assert.All(Objects, thing => Assert.Equal("capacitor", thing is V1Namespace ? thing.Name() : thing.Namespace()));
    }

    [Fact]
    public void Processes_AreProbed_MayDrain_AndRunWithoutRights()
    {
        foreach (var pod in Of<V1Deployment>().Select(deployment => deployment.Spec.Template.Spec))
        {
            var container = pod.Containers.Single();
            Assert.Equal("/health/ready", container.ReadinessProbe.HttpGet.Path);
            Assert.Equal("/health/live", container.LivenessProbe.HttpGet.Path);
            Assert.All([container.ReadinessProbe, container.LivenessProbe, container.StartupProbe], probe => Assert.Contains(container.Ports, port => port.Name == probe.HttpGet.Port.Value));
            Assert.True(pod.TerminationGracePeriodSeconds > 30 + 5, "A drain takes up to 30 seconds, after five of waiting.");
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.Contains($"/{container.Name} ./", Dockerfile.Stages()[container.Name].Single(line => line.StartsWith("COPY ", StringComparison.Ordinal)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void SiloPorts_AreOpenToSilosAndApisOnly()
    {
        var policy = Of<V1NetworkPolicy>().Single(policy => policy.Name() == "silo");
        string[] Allowed(string port) => [.. policy.Spec.Ingress.Where(rule => rule.Ports.Any(open => open.Port.Value == port))
            .SelectMany(rule => rule.FromProperty).Select(peer => peer.PodSelector?.MatchLabels["app.kubernetes.io/component"] ?? "outside").Order()];
        Assert.Equal(["silo"], Allowed("11111"));
        Assert.Equal(["api", "silo"], Allowed("30000"));
        Assert.Equal(["outside"], Allowed("5080"));
    }

    [Fact]
    public void Settings_AreOnesTheProgramKnows()
    {
        var names = Of<V1Deployment>().SelectMany(deployment => deployment.Spec.Template.Spec.Containers).SelectMany(container => container.Env).Select(variable => variable.Name)
            .Concat(Of<V1Secret>().Single().StringData.Keys).Where(name => !name.StartsWith("ASPNETCORE_", StringComparison.Ordinal));
        Assert.Empty(names.Select(ProgramSettings.KeyOf).Except(ProgramSettings.Keys(), StringComparer.OrdinalIgnoreCase));
        var address = Of<V1Deployment>().Single(deployment => deployment.Name() == "silo").Spec.Template.Spec.Containers.Single().Env.Single();
        Assert.Equal(("Capacitor__Cluster__AdvertisedAddress", "status.podIP"), (address.Name, address.ValueFrom.FieldRef.FieldPath));
    }

    private static IEnumerable<T> Of<T>() => Objects.OfType<T>();

    private static IEnumerable<IKubernetesObject<V1ObjectMeta>> Load(string file) => LoadText(File.ReadAllText(file));

    private static List<IKubernetesObject<V1ObjectMeta>> LoadText(string text) =>
        KubernetesYaml.LoadAllFromString(text, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>().ToList();
}
