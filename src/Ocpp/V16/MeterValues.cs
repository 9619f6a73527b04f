using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Readings of a connector's meter. Read it whatever it lacks: what is unusable is null.</summary>
public sealed record MeterValuesRequest : IPayload<MeterValuesRequest>
{
    public int? ConnectorId { get; set; }

    public int? TransactionId { get; set; }

    public MeterValue[]? MeterValue { get; set; }

    static Shape<MeterValuesRequest> IPayload<MeterValuesRequest>.Shape { get; } = new Shape<MeterValuesRequest>(() => new(), mustBeAnswered: true)
        .Whole("connectorId", Need.Required, (m, v) => m.ConnectorId = v, min: 0)
        .Whole("transactionId", Need.Optional, (m, v) => m.TransactionId = v)
        .Many<MeterValue>("meterValue", Need.Required, (m, v) => m.MeterValue = v);
}

/// <summary>Nothing but the answer itself.</summary>
public sealed record MeterValuesResponse : IPayload<MeterValuesResponse>
{
    static Shape<MeterValuesResponse> IPayload<MeterValuesResponse>.Shape { get; } = new(() => new());
}
