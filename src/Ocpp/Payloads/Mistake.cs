namespace Capacitor.Ocpp.Payloads;

/// <summary>One thing that is wrong with a payload.</summary>
/// <param name="Path">Where, such as <c>chargingSchedule.chargingSchedulePeriod[0].limit</c>; empty when it is the payload itself.</param>
/// <param name="Detail">What is allowed, to be read behind the path: <c>must be one of Hard, Soft.</c> Never a token or a key.</param>
public sealed record Mistake(string Path, string Detail)
{
    /// <summary>Both in one sentence.</summary>
    public override string ToString() => Path.Length == 0 ? Detail : $"{Path} {Detail}";
}
