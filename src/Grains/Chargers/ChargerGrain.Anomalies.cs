using Capacitor.Chargers;
using Capacitor.Tenants;

namespace Capacitor.Grains.Chargers;

internal sealed partial class ChargerGrain
{
    public Task NoteAsync(long epoch, IReadOnlyList<ChargerAnomaly> anomalies)
    {
        if (State.IsCurrent(epoch))
        {
            foreach (var anomaly in anomalies)
            {
                State.Note(anomaly);
            }
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<ChargerAnomaly>?> ListAnomaliesAsync(TenantId tenant) =>
        Task.FromResult(State.IsOf(tenant) ? State.ListAnomalies() : null);

    public async Task<bool> ClearAnomaliesAsync(TenantId tenant)
    {
        if (!State.IsOf(tenant))
        {
            return false;
        }

        if (State.Anomalies is not null)
        {
            State.ClearAnomalies();
            await SaveAsync(); // asked for by somebody, who must not see them again
        }

        return true;
    }
}
