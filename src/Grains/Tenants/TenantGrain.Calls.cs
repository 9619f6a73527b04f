using Capacitor.Tenants;

namespace Capacitor.Grains.Tenants;

internal sealed partial class TenantGrain
{
    // A call that overtakes the reservation waits this long for it, and then goes ahead: nobody is refused for the counter's sake.
    private static readonly TimeSpan ReservationPatience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(10);

    private readonly DailyCalls _calls = new();
    private readonly Dictionary<string, TokenBucket> _buckets = [];

    // One write at a time; calls interleave with it.
    private Task _reserving = Task.CompletedTask;
    private long _reservingSince;
    private long? _failedAt;

    private bool StorageIsAway => _failedAt is { } at && time.GetElapsedTime(at) < PauseAfterFailure;

    public async Task<TenantAccess?> EnterAsync(string keyId)
    {
        if (tenant.State.Tenant is not { } found || tenant.State.FindKey(keyId) is null)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var limits = LimitsOf(found);
        NoteUse(keyId, now);
        _calls.Turn(now);
        var hasCalls = _calls.Remaining(limits.ApiCallsPerDay) is not 0;
        var burst = hasCalls ? Take(keyId, limits) : null;
        var counted = burst?.RetryAfter is not null ? hasCalls : _calls.TryCount(now, limits.ApiCallsPerDay);
        TenantAccess access = new()
        {
            Tenant = found,
            WithinDailyLimit = counted,
            DailyLimit = limits.ApiCallsPerDay,
            DailyRemaining = _calls.Remaining(limits.ApiCallsPerDay),
            ResetsAt = DailyCalls.ResetsAt(now),
            WebhooksIncluded = limits.Webhooks,
            Burst = burst,
        };
        await ReserveCallsAsync(limits.ApiCallsPerDay);
        return access;
    }

    private BurstAllowance? Take(string keyId, TierLimits limits)
    {
        if (limits is not { CallsPerSecond: { } rate, CallsAtOnce: { } size })
        {
            return null;
        }

        if (!_buckets.TryGetValue(keyId, out var bucket))
        {
            _buckets[keyId] = bucket = new();
        }

        var taken = bucket.TryTake(time.GetElapsedTime(0), rate, size);
        return new(rate, size, bucket.Left, bucket.UntilFull(rate, size), taken ? null : bucket.UntilNext(rate));
    }

    /// <summary>Reserves the next calls in time. Waits only when more was counted than is reserved, and not for long.</summary>
    private async Task ReserveCallsAsync(int? limit)
    {
        if (_reserving.IsCompleted && !StorageIsAway && _calls.Due(limit) is { } count)
        {
            _reservingSince = time.GetTimestamp();
            _reserving = StoreCallsAsync(_calls.Day, count);
        }

        if (_calls.IsAhead && !_reserving.IsCompleted && ReservationPatience - time.GetElapsedTime(_reservingSince) is { Ticks: > 0 } patience)
        {
            await _reserving.WaitAsync(patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Never throws.</summary>
    private async Task StoreCallsAsync(DateTime day, int count)
    {
        try
        {
            reserved.State.Day = day;
            reserved.State.Count = count;
            await reserved.WriteStateAsync();
            _calls.Reserve(day, count);
            _failedAt = null;
        }
        catch (Exception failure)
        {
            _failedAt = time.GetTimestamp();
            Log.CallsNotStored(logger, failure, Id);
            await ReadCallsAgainAsync(day, count);
        }
    }

    // The write may have happened all the same, or another activation may have written: the next one needs the version that is stored.
    private async Task ReadCallsAgainAsync(DateTime day, int count)
    {
        try
        {
            await reserved.ReadStateAsync();
            if ((reserved.State.Day, reserved.State.Count) == (day, count))
            {
                _calls.Reserve(day, count);
            }
            else
            {
                _calls.Restore(reserved.State.Day, reserved.State.Count, time.GetUtcNow());
            }
        }
        catch (Exception failure)
        {
            Log.CallsNotStored(logger, failure, Id);
        }
    }

    /// <summary>Gives back what was reserved and not used, before this activation goes.</summary>
    private async Task SettleCallsAsync()
    {
        await _reserving;
        if (tenant.State.Tenant is not null && !StorageIsAway && _calls.Count > 0 && (reserved.State.Day, reserved.State.Count) != (_calls.Day, _calls.Count))
        {
            await StoreCallsAsync(_calls.Day, _calls.Count);
        }
    }

    private async Task ForgetCallsAsync()
    {
        await _reserving;
        if (reserved.RecordExists)
        {
            await this.EraseAsync(reserved);
        }
    }
}

/// <summary>What is stored of a tenant's calls.</summary>
[GenerateSerializer, Alias("capacitor.state.daily-calls")]
internal sealed class DailyCallsState
{
    /// <summary>The day in UTC.</summary>
    [Id(0)] public DateTime Day { get; set; }

    /// <summary>How many calls of that day may have been made: the count goes on from here.</summary>
    [Id(1)] public int Count { get; set; }
}
