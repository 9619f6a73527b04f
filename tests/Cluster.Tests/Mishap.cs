namespace Capacitor.Cluster.Tests;

/// <summary>What a charger should not have to see; some of it tells the charger to try again.</summary>
internal sealed record Mishap(string Text, bool SaysTryAgain = false);
