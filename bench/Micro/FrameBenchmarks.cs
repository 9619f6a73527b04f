using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Capacitor.Ocpp;
using Capacitor.Ocpp.V16;

namespace Capacitor.Micro;

/// <summary>From a frame's bytes to a typed message, and back to an answer's frame.</summary>
[MemoryDiagnoser]
public class FrameBenchmarks
{
    private readonly byte[] _frame = Encoding.UTF8.GetBytes(
        """[2,"19223201","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging","timestamp":"2026-02-06T14:30:00.000Z"}]""");

    private static readonly byte[] Meter = Encoding.UTF8.GetBytes(
        """[2,"19223202","MeterValues",{"connectorId":1,"transactionId":12345,"meterValue":[{"timestamp":"2026-02-06T14:30:00Z","sampledValue":["""
        + """{"value":"1520.5","context":"Sample.Periodic","measurand":"Energy.Active.Import.Register","unit":"Wh"},"""
        + """{"value":"7360","measurand":"Power.Active.Import","unit":"W"},{"value":"16.1","measurand":"Current.Import","phase":"L1","unit":"A"}]}]}]""");

    private readonly OcppFrame _status;
    private readonly OcppFrame _meter = OcppFrame.Read(Meter);
    private readonly ArrayBufferWriter<byte> _output = new(256);

    /// <summary>Reads the frames whose payloads are read below.</summary>
    public FrameBenchmarks() => _status = OcppFrame.Read(_frame);

    /// <summary>Takes a small frame apart.</summary>
    [Benchmark]
    public OcppFrame ReadFrame() => OcppFrame.Read(_frame);

    /// <summary>Reads a StatusNotification.</summary>
    [Benchmark]
    public object? ReadStatusNotification() => Ocpp16Reader.Read<StatusNotificationRequest>(_status.Payload.Span).Value;

    /// <summary>Reads MeterValues with three samples.</summary>
    [Benchmark]
    public object? ReadMeterValues() => Ocpp16Reader.Read<MeterValuesRequest>(_meter.Payload.Span).Value;

    /// <summary>Writes an answer.</summary>
    [Benchmark]
    public int WriteResult()
    {
        _output.ResetWrittenCount();
        OcppFrameWriter.WriteCallResult(_output, "19223201", "{}"u8);
        return _output.WrittenCount;
    }
}
