using Capacitor.Grains.Chargers;
using Capacitor.IdTags;
using Capacitor.Ocpp.V16;
using Capacitor.Tenants;

namespace Capacitor.Grains.IdTags;

/// <summary>
/// Says whether a tag may charge, in the words of OCPP 1.6. A look that fails with its silo is the caller's to make again: whoever guessed would let a blocked
/// tag charge, or turn away one that may.
/// </summary>
internal sealed class IdTagJudge(IGrainFactory grains)
{
    /// <summary>For Authorize, and for what has begun already.</summary>
    public Task<IdTagInfo> JudgeAsync(TenantId tenant, string? idTag) => JudgeAsync(tenant, idTag, null);

    /// <summary>For a transaction that begins: also whether the tag has too many.</summary>
    public Task<IdTagInfo> JudgeStartAsync(ChargerState charger, StartReport report, int transactionId) => JudgeAsync(charger.Registered().Tenant, report.IdTag, new()
    {
        Charger = charger.Registered().ChargeBoxId.Value.ToUpperInvariant(),
        ConnectorId = report.ConnectorId,
        TransactionId = transactionId,
        Superseded = charger.CountSuperseded(report),
    });

    private async Task<IdTagInfo> JudgeAsync(TenantId tenant, string? idTag, IdTagStart? start)
    {
        if (string.IsNullOrWhiteSpace(idTag))
        {
            return new() { Status = AuthorizationStatuses.Invalid }; // an empty one is no tag
        }

        var outlook = await grains.GetGrain<ITenantIdTagsGrain>(tenant.GrainKey).LookAsync();
        if (outlook.HasTags && IdTagId.TryParse(tenant, idTag.Trim(), out var id))
        {
            var tag = grains.GetGrain<IIdTagGrain>(id.GrainKey);
            if (await (start is null ? tag.JudgeAsync() : tag.JudgeStartAsync(start)) is { } verdict)
            {
                return new() { Status = verdict.Standing.ToString(), ExpiryDate = verdict.ExpiresAt, ParentIdTag = verdict.ParentIdTag };
            }
        }

        return new() { Status = outlook.Unknown == UnknownIdTagPolicy.Accept ? AuthorizationStatuses.Accepted : AuthorizationStatuses.Invalid };
    }
}
