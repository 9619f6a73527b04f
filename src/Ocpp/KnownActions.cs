using System.Text;
using Capacitor.Ocpp.V16;

namespace Capacitor.Ocpp;

/// <summary>Finds the one string of a known action, so that reading a frame makes none.</summary>
internal static class KnownActions
{
    private static readonly (byte[] Utf8, string Action)[][] ByLength = Build();

    public static string? Find(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length < ByLength.Length)
        {
            foreach (var (known, action) in ByLength[utf8.Length])
            {
                if (utf8.SequenceEqual(known))
                {
                    return action;
                }
            }
        }

        return null;
    }

    private static (byte[], string)[][] Build()
    {
        var longest = Ocpp16Actions.All.Max(action => action.Length);
        return [.. Enumerable.Range(0, longest + 1).Select(length =>
            Ocpp16Actions.All.Where(action => action.Length == length).Select(action => (Encoding.ASCII.GetBytes(action), action)).ToArray())];
    }
}
