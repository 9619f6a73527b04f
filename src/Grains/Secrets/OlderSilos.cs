using Orleans.Metadata;
using Orleans.Runtime;

namespace Capacitor.Grains.Secrets;

/// <summary>
/// Tells whether silos of a version that cannot open sealed secrets are in the cluster: during an upgrade grains move to them, too, and must find there what
/// they need. What is stored meanwhile is stored in the clear as well, and sealed when the last of them has gone.
/// </summary>
internal sealed class OlderSilos(IClusterManifestProvider manifests, IClusterMembershipService members)
{
    private static readonly GrainType Mark = GrainType.Create(SecretKeysGrain.TypeName);

    /// <summary>True while there is one, or a silo of which it is not yet known.</summary>
    public bool Any
    {
        get
        {
            var known = manifests.Current.Silos;
            foreach (var (silo, member) in members.CurrentSnapshot.Members)
            {
                if (member.Status is SiloStatus.Joining or SiloStatus.Active or SiloStatus.ShuttingDown
                    && !(known.TryGetValue(silo, out var manifest) && manifest.Grains.ContainsKey(Mark)))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
