using Capacitor.Api.Errors;
using Capacitor.Api.Json;
using Capacitor.Api.Security;
using Capacitor.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capacitor.Api.Webhooks;

/// <summary>Events that a webhook is to get once more.</summary>
internal static class ReplayEndpoints
{
    private static readonly TimeSpan PatienceWithCounting = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static void MapReplays(this IEndpointRouteBuilder api)
    {
        var replays = api.MapGroup("/webhooks/{webhookId}/replays").RequireWebhooks();
        replays.MapPost("", StartAsync);
        replays.MapGet("", ListAsync);
        replays.MapGet("/{replayId}", FindAsync);
        replays.MapDelete("/{replayId}", CancelAsync);
    }

    /// <summary>What a webhook that was just activated missed while it was not; null: nothing, or it cannot be said now. That is no reason to fail its activation.</summary>
    public static async Task<MissedBody?> FindMissedAsync(IWebhookGrain webhook)
    {
        try
        {
            return await webhook.CountMissedAsync() is { } missed ? new MissedBody(missed.Since, missed.Events) : null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task<Results<Ok<ReplayBody>, Accepted<ReplayBody>, ApiError>> StartAsync(
        Caller caller, string webhookId, HttpRequest request, IGrainFactory grains, TimeProvider time)
    {
        if (await grains.GetGrain<ITenantWebhooksGrain>(caller.GrainKey).FindAsync(webhookId) is not { } registered)
        {
            return WebhookEndpoints.Missing(webhookId);
        }

        var asked = await ReadAsync(request);
        if (asked is { MissedOnly: true, From: null })
        {
            asked = asked with { From = registered.CreatedAt }; // what came before it, it did not miss
        }

        var webhook = grains.WebhookOf(webhookId);
        var replay = await webhook.StartReplayAsync(asked);
        if (asked.DryRun && await CountedAsync(webhook, replay, PatienceWithCounting, time) is { } counted)
        {
            return TypedResults.Ok(ReplayBody.Of(counted));
        }

        return TypedResults.Accepted($"/api/v1/webhooks/{webhookId}/replays/{replay.Id}", ReplayBody.Of(replay));
    }

    private static async Task<Results<Ok<ReplayListBody>, ApiError>> ListAsync(Caller caller, string webhookId, IGrainFactory grains)
    {
        if (!await DeliveryEndpoints.IsOfAsync(grains, caller, webhookId))
        {
            return WebhookEndpoints.Missing(webhookId);
        }

        var replays = await grains.WebhookOf(webhookId).ListReplaysAsync();
        return TypedResults.Ok(new ReplayListBody([.. replays.Select(ReplayBody.Of)]));
    }

    private static async Task<Results<Ok<ReplayBody>, ApiError>> FindAsync(Caller caller, string webhookId, string replayId, IGrainFactory grains) =>
        !await DeliveryEndpoints.IsOfAsync(grains, caller, webhookId) ? WebhookEndpoints.Missing(webhookId)
        : await LookUpAsync(grains.WebhookOf(webhookId), replayId) is { } found ? TypedResults.Ok(ReplayBody.Of(found))
        : Missing(replayId);

    private static async Task<Results<Ok<ReplayBody>, ApiError>> CancelAsync(Caller caller, string webhookId, string replayId, IGrainFactory grains) =>
        !await DeliveryEndpoints.IsOfAsync(grains, caller, webhookId) ? WebhookEndpoints.Missing(webhookId)
        : await grains.WebhookOf(webhookId).CancelReplayAsync(replayId) is { } cancelled ? TypedResults.Ok(ReplayBody.Of(cancelled))
        : Missing(replayId);

    private static async Task<ReplayRequest> ReadAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        var asked = new ReplayRequest
        {
            From = body["from"].TimeOrNull(),
            To = body["to"].TimeOrNull(),
            MissedOnly = body["missedOnly"].NewFlag() ?? false,
            DryRun = body["dryRun"].NewFlag() ?? false,
            Events = body["events"].NewTexts(),
            ChargeBoxIds = body["chargeBoxIds"].NewTexts(),
        };
        if (asked is { From: { } from, To: { } to } && from >= to)
        {
            throw new RefusedException(RefusalKind.Invalid, "The replay would end before it begins: 'from' must be earlier than 'to'.", "to");
        }

        if (asked is { From: null, To: null, MissedOnly: false })
        {
            throw new RefusedException(RefusalKind.Invalid, "Say what to replay: 'from' (and 'to'), or 'missedOnly': true for all that was not delivered.", "from");
        }

        return asked;
    }

    // Counting takes a moment; who asks for nothing else is answered with the number.
    private static async Task<Replay?> CountedAsync(IWebhookGrain webhook, Replay replay, TimeSpan patience, TimeProvider time)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < patience)
        {
            if (await LookUpAsync(webhook, replay.Id) is { Status: not ReplayStatus.Running } counted)
            {
                return counted;
            }

            await Task.Delay(Pause, time);
        }

        return null;
    }

    private static async Task<Replay?> LookUpAsync(IWebhookGrain webhook, string replayId) =>
        (await webhook.ListReplaysAsync()).FirstOrDefault(replay => replay.Id == replayId);

    private static ApiError Missing(string replayId) => ApiError.NotFound($"Replay {replayId} not found");
}

/// <summary>A replay: what was asked for, and how far it is.</summary>
internal sealed record ReplayBody
{
    public required string Id { get; init; }

    public required string Status { get; init; }

    public required bool DryRun { get; init; }

    public required bool MissedOnly { get; init; }

    public required DateTimeOffset? From { get; init; }

    public required DateTimeOffset? To { get; init; }

    public required IReadOnlyList<string>? Events { get; init; }

    public required IReadOnlyList<string>? ChargeBoxIds { get; init; }

    /// <summary>0 to 1: the part of the range that is done.</summary>
    public required double Progress { get; init; }

    public required long Matched { get; init; }

    public required long Delivered { get; init; }

    public required long Failed { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? EndedAt { get; init; }

    public static ReplayBody Of(Replay replay) => new()
    {
        Id = replay.Id,
        Status = replay.Status switch
        {
            ReplayStatus.Running => "running",
            ReplayStatus.Completed => "completed",
            ReplayStatus.Cancelled => "cancelled",
            _ => throw new ArgumentOutOfRangeException(nameof(replay), replay.Status, "There is no such status."),
        },
        DryRun = replay.Request.DryRun,
        MissedOnly = replay.Request.MissedOnly,
        From = replay.Request.From,
        To = replay.Request.To,
        Events = replay.Request.Events,
        ChargeBoxIds = replay.Request.ChargeBoxIds,
        Progress = replay.UpTo <= replay.After ? 1 : Math.Round((double)(replay.Position - replay.After) / (replay.UpTo - replay.After), 4),
        Matched = replay.Matched,
        Delivered = replay.Delivered,
        Failed = replay.Failed,
        CreatedAt = replay.CreatedAt,
        EndedAt = replay.EndedAt,
    };
}

internal sealed record ReplayListBody(IReadOnlyList<ReplayBody> Replays);
