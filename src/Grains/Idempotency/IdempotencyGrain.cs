using System.Text;
using Capacitor.Events;
using Capacitor.Grains.Secrets;
using Capacitor.Idempotency;
using Capacitor.Records;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Serialization;

namespace Capacitor.Grains.Idempotency;

/// <summary>
/// One tenant's requests with one Idempotency-Key. What was begun is stored before it is done, and the answer before it is given. An activation that finds something
/// begun which it did not begin itself knows nothing of its end, unless whoever carries it out comes and tells.
/// </summary>
[GrainType("idempotency"), Reentrant, CollectionAgeLimit(Minutes = 5)]
internal sealed class IdempotencyGrain(IJournalReader journal, IRecordWriter records, SecretBox box, Serializer<IdempotentRequest> serializer, TimeProvider time)
    : Grain, IIdempotencyGrain
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Longer than any request takes, of which a command with the longest timeout is the longest: who has not told the end by then is not there any more. Shorter than the
    // age at which an activation is collected, which would forget that it is under way.
    private static readonly TimeSpan LostAfter = TimeSpan.FromMinutes(3);

    private IdempotentRequest? _request;

    // Of a request that this activation began; done when its end is known.
    private TaskCompletionSource? _underWay;

    private IdempotencyId Id => IdempotencyId.FromGrainKey(this.GetPrimaryKeyString());

    private RecordKey Key => new(Id.Tenant, RecordKinds.Idempotency, Id.KeyHash);

    private string Place => $"idempotency/{Id.Value}";

    private string FingerprintPlace => $"{Place}/fingerprint";

    public override async Task OnActivateAsync(CancellationToken cancellationToken) =>
        _request = await journal.FindRecordAsync(Key, cancellationToken) is { } row ? serializer.Deserialize(row.Body) : null;

    public async Task<IdempotentStart> BeginAsync(string attempt, string fingerprint)
    {
        var since = time.GetTimestamp();
        while (_request is { } known && known.ExpiresAt > time.GetUtcNow())
        {
            if (known.Attempt == attempt)
            {
                return new(IdempotentStartKind.Proceed); // the answer to its first asking was lost
            }

            if (FingerprintOf(known) is not { } first)
            {
                return new(IdempotentStartKind.Unknown);
            }

            if (first != fingerprint)
            {
                return new(IdempotentStartKind.OtherRequest);
            }

            if (known.Status != 0)
            {
                return AnswerOf(known);
            }

            if (_underWay is null || time.GetUtcNow() - known.BegunAt > LostAfter)
            {
                return new(IdempotentStartKind.Unknown);
            }

            if (Patience - time.GetElapsedTime(since) is not { Ticks: > 0 } patience)
            {
                return new(IdempotentStartKind.UnderWay);
            }

            await _underWay.Task.WaitAsync(patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        var sealedFingerprint = box.Seal(Encoding.UTF8.GetBytes(fingerprint), FingerprintPlace);
        await StartAsync(new() { Attempt = attempt, SealedFingerprint = sealedFingerprint, BegunAt = time.GetUtcNow() });
        return new(IdempotentStartKind.Proceed);
    }

    public async Task CompleteAsync(string attempt, IdempotentAnswer answer)
    {
        if (_request?.Attempt != attempt || _request.Status != 0)
        {
            return;
        }

        var answered = _request.With(answer, box.Seal(answer.Body, Place));
        await SaveAsync(answered);
        _request = answered;
        End();
    }

    public async Task ForgetAsync(string attempt)
    {
        if (_request?.Attempt != attempt)
        {
            return;
        }

        try
        {
            await records.WriteAsync([RecordChange.Remove(Key)]);
        }
        finally
        {
            _request = null; // it did nothing, whether that can be stored or not
            End();
        }
    }

    public Task LoseAsync(string attempt)
    {
        if (_request?.Attempt == attempt)
        {
            End();
        }

        return Task.CompletedTask;
    }

    private async Task StartAsync(IdempotentRequest request)
    {
        // Before the write: who comes meanwhile waits.
        _request = request;
        _underWay = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await SaveAsync(request);
        }
        catch
        {
            _request = null; // nothing was done
            End();
            throw;
        }
    }

    private ValueTask SaveAsync(IdempotentRequest request) => records.WriteAsync([RecordChange.Save(new()
    {
        Key = Key, At = request.BegunAt, ExpiresAt = request.ExpiresAt, Body = serializer.SerializeToArray(request),
    })]);

    private void End()
    {
        _underWay?.TrySetResult();
        _underWay = null;
    }

    private string? FingerprintOf(IdempotentRequest request) =>
        request.SealedFingerprint is not { } sealedText ? request.Fingerprint
        : TryOpen(sealedText, FingerprintPlace) is { } fingerprint ? Encoding.UTF8.GetString(fingerprint) : null;

    private IdempotentStart AnswerOf(IdempotentRequest request) =>
        TryOpen(request.SealedBody, Place) is { } body
            ? new(IdempotentStartKind.Replay, new() { Status = request.Status, ContentType = request.ContentType, Location = request.Location, Body = body })
            : new(IdempotentStartKind.Unknown);

    // Null: the key that sealed it was taken away meanwhile.
    private byte[]? TryOpen(ReadOnlySpan<byte> sealedText, string place)
    {
        try
        {
            return box.Open(sealedText, place);
        }
        catch (SecretKeysException)
        {
            return null;
        }
    }
}
