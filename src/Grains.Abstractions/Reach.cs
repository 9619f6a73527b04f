using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace Capacitor;

/// <summary>What the failure of a call says of whether it was taken.</summary>
public static class Reach
{
    /// <summary>
    /// True when the call surely was taken by nobody, and can be made again without a second effect. A <see cref="SiloUnavailableException"/> is a rejection to
    /// Orleans, and no such thing: it means an answer that will not come.
    /// </summary>
    public static bool Nobody(Exception failure) =>
        failure is ClientNotAvailableException or ConnectionFailedException or (OrleansMessageRejectionException and not SiloUnavailableException);
}
