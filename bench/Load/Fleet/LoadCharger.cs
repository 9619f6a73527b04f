using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Text;
using Capacitor.Load.Wire;

namespace Capacitor.Load.Fleet;

/// <summary>One charger: says the next thing of its life when its pace tells it to, and keeps the ledger of what that must lead to.</summary>
internal sealed class LoadCharger(int number, IPEndPoint server, string path, IPace pace, Tally tally, int hearers = 1) : IChargerSocketOwner, IDisposable
{
    private readonly FrameWriter _frame = new();
    private readonly byte[] _idTag = Encoding.ASCII.GetBytes($"TAG{number:D8}");
    private ChargerSocket? _socket;
    private int _next;
    private int _messageId;
    private int _transaction;
    private long _meter = 1000 + number;
    private long _sentAt;

    /// <summary>One for each subscriber that gets every event.</summary>
    public IReadOnlyList<Ledger> Ledgers { get; } = [.. Enumerable.Range(0, hearers).Select(_ => new Ledger())];

    public bool Booted { get; private set; }

    /// <summary>The call that is being answered, or was last.</summary>
    public Step Current { get; private set; }

    public static string Name(int number) => $"LOAD-{number:D5}";

    public void Connect()
    {
        _next = 0;
        Booted = false;
        _sentAt = Stopwatch.GetTimestamp();
        _socket = new ChargerSocket(server, path + Name(number), this);
        _socket.Connect();
    }

    /// <summary>Cuts the connection as a dead network does.</summary>
    public void Abort() => _socket?.Abort();

    public void Dispose() => _socket?.Dispose();

    public void SendNext()
    {
        Current = Life.Steps[_next];
        _next = _next + 1 == Life.Steps.Length ? Life.Session : _next + 1;
        _messageId++;
        var frame = Write(Current);
        _sentAt = Stopwatch.GetTimestamp();
        Expect(Current);
        _socket!.Send(frame);
    }

    void IChargerSocketOwner.Opened()
    {
        Expect(new Mark(Kind.Connected, 0));
        pace.Free(this);
    }

    void IChargerSocketOwner.Closed(string why)
    {
        tally.Failed($"{Name(number)}: {why}");
        pace.Lost(this, why);
    }

    void IChargerSocketOwner.Received(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("[2,\""u8))
        {
            var id = text[4..];
            _socket!.Send(_frame.Refuse(id[..id.IndexOf((byte)'"')]).End());
            return;
        }

        if (!text.StartsWith("[3,\""u8) || !Utf8Parser.TryParse(text[4..], out int answered, out _) || answered != _messageId)
        {
            tally.Failed($"{Name(number)} after {Current}: {Encoding.UTF8.GetString(text)}");
            if (!text.StartsWith("[4,\""u8))
            {
                return;
            }
        }

        tally.Answered(Stopwatch.GetElapsedTime(_sentAt));
        if (Current == Step.Start)
        {
            var at = text.IndexOf("\"transactionId\":"u8);
            _transaction = at >= 0 && Utf8Parser.TryParse(text[(at + 16)..], out int id, out _) ? id : -1;
            foreach (var ledger in Ledgers)
            {
                ledger.NameLastTransaction(_transaction);
            }
        }

        Booted |= Current == Step.Boot;
        pace.Free(this);
    }

    private ReadOnlySpan<byte> Write(Step step) => step switch
    {
        Step.Boot => _frame.Call(_messageId, "BootNotification"u8)
            .Add("{\"chargePointVendor\":\"Capacitor\",\"chargePointModel\":\"Load\",\"chargePointSerialNumber\":\"L"u8).Add(number)
            .Add("\",\"firmwareVersion\":\"1.0.0\"}"u8).End(),
        Step.Available => Status("Available"u8),
        Step.Preparing => Status("Preparing"u8),
        Step.Charging => Status("Charging"u8),
        Step.Finishing => Status("Finishing"u8),
        Step.Heartbeat => _frame.Call(_messageId, "Heartbeat"u8).Add("{}"u8).End(),
        Step.Authorize => _frame.Call(_messageId, "Authorize"u8).Add("{\"idTag\":\""u8).Add(_idTag).Add("\"}"u8).End(),
        Step.Start => _frame.Call(_messageId, "StartTransaction"u8).Add("{\"connectorId\":1,\"idTag\":\""u8).Add(_idTag)
            .Add("\",\"meterStart\":"u8).Add(_meter += 3).Add(",\"timestamp\":\""u8).Add(Now.Text).Add("\"}"u8).End(),
        Step.Stop => _frame.Call(_messageId, "StopTransaction"u8).Add("{\"transactionId\":"u8).Add(_transaction).Add(",\"idTag\":\""u8).Add(_idTag)
            .Add("\",\"meterStop\":"u8).Add(_meter += 5).Add(",\"timestamp\":\""u8).Add(Now.Text).Add("\",\"reason\":\"Local\"}"u8).End(),
        Step.Meter => _frame.Call(_messageId, "MeterValues"u8).Add("{\"connectorId\":1,\"transactionId\":"u8).Add(_transaction)
            .Add(",\"meterValue\":[{\"timestamp\":\""u8).Add(Now.Text).Add("\",\"sampledValue\":[{\"value\":\""u8).Add(_meter += 61)
            .Add("\",\"context\":\"Sample.Periodic\",\"measurand\":\"Energy.Active.Import.Register\",\"unit\":\"Wh\"},"u8)
            .Add("{\"value\":\"7400\",\"measurand\":\"Power.Active.Import\",\"unit\":\"W\"}]}]}"u8).End(),
        _ => throw new InvalidOperationException($"No frame for {step}."),
    };

    private ReadOnlySpan<byte> Status(ReadOnlySpan<byte> status) => _frame.Call(_messageId, "StatusNotification"u8)
        .Add("{\"connectorId\":1,\"errorCode\":\"NoError\",\"status\":\""u8).Add(status).Add("\",\"timestamp\":\""u8).Add(Now.Text).Add("\"}"u8).End();

    private void Expect(Step step)
    {
        switch (step)
        {
            case Step.Boot:
                Expect(new Mark(Kind.Boot, 0));
                break;
            case Step.Available:
                Expect(new Mark(Kind.Status, 'A'));
                break;
            case Step.Authorize:
                Expect(new Mark(Kind.Authorized, 0));
                break;
            case Step.Preparing:
                Expect(new Mark(Kind.Status, 'P'));
                break;
            case Step.Charging:
                Expect(new Mark(Kind.Status, 'C'));
                break;
            case Step.Finishing:
                Expect(new Mark(Kind.Status, 'F'));
                break;
            case Step.Start:
                Expect(new Mark(Kind.Started, _meter));
                break;
            case Step.Stop:
                Expect(new Mark(Kind.Stopped, _meter), _transaction);
                break;
            case Step.Meter:
                Expect(new Mark(Kind.Updated, _meter), _transaction);
                break;
        }
    }

    private void Expect(Mark mark, int transaction = 0)
    {
        foreach (var ledger in Ledgers)
        {
            ledger.Expect(mark, transaction, _sentAt);
        }

        tally.EventDue();
    }
}
