using System.Net;
using System.Reflection;
using Capacitor.Silo;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace Capacitor.Grains.Tests.Silo;

public sealed class CallsThroughTakeOverTests
{
    private static readonly GrainId Tenant = GrainId.Create("tenant", "t/A");

    private static readonly GrainId PartOfASilo = SystemTargetGrainId.Create(SystemTargetGrainId.CreateGrainType("dir.mem"), SiloAddress.New(IPAddress.Loopback, 1, 1)).GrainId;

    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };

    [Fact]
    public async Task Invoke_ReachedNobody_IsMadeAgain()
    {
        var call = Call.Make("RegisterChargerAsync", Rejected(), Rejected(), null);
        await InvokeAsync(call);
        Assert.Equal(3, call.Count);
    }

    // What a client says that finds the door of its silo closed.
    [Fact]
    public async Task Invoke_FoundNoConnection_IsMadeAgain()
    {
        var call = Call.Make("RegisterChargerAsync", new ConnectionFailedException("refused"), null);
        await InvokeAsync(call);
        Assert.Equal(2, call.Count);
    }

    [Fact]
    public async Task Invoke_OnlyAsksAndItsSiloDied_IsMadeAgain()
    {
        var call = Call.Make("FindAsync", new SiloUnavailableException("dead"), null);
        await InvokeAsync(call);
        Assert.Equal(2, call.Count);
    }

    [Fact]
    public async Task Invoke_OnlyAsksAndGetsNoAnswer_IsMadeAgain()
    {
        var call = Call.Make("EnterAsync", new TimeoutException(), null);
        await InvokeAsync(call);
        Assert.Equal(2, call.Count);
    }

    [Fact]
    public async Task Invoke_OnlyAsksAndItsSiloStopsInTheMiddle_IsMadeAgain()
    {
        var call = Call.Make("ListChargersAsync", new ObjectDisposedException("journal"), null);
        await InvokeAsync(call);
        Assert.Equal(2, call.Count);
    }

    [Fact]
    public async Task Invoke_MayHaveBeenDoneWithoutAnAnswer_IsNotMadeAgain()
    {
        var call = Call.Make("CreateAsync", new TimeoutException(), null);
        await Assert.ThrowsAsync<TimeoutException>(() => InvokeAsync(call));
        Assert.Equal(1, call.Count);
    }

    [Theory]
    [InlineData("CreateAsync")]
    [InlineData("SendAsync")]
    public async Task Invoke_MayHaveBeenDoneWhenItsSiloDied_IsNotMadeAgain(string method)
    {
        var call = Call.Make(method, new SiloUnavailableException("dead"), null);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => InvokeAsync(call));
        Assert.Equal(1, call.Count);
    }

    [Fact]
    public async Task Invoke_Refused_IsNotMadeAgain()
    {
        var call = Call.Make("FindAsync", new RefusedException(RefusalKind.Conflict, "No."), null);
        await Assert.ThrowsAsync<RefusedException>(() => InvokeAsync(call));
        Assert.Equal(1, call.Count);
    }

    [Fact]
    public async Task Invoke_NobodyTakesOver_FailsInTheEnd()
    {
        var call = Call.Make("FindAsync", [.. Enumerable.Repeat(Rejected(), 1000)]);
        await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => InvokeAsync(call));
        Assert.InRange(call.Count, 2, 61);
    }

    // The edge has loops of its own: they know how long chargers wait, that a charger may have gone to another socket meanwhile, or that a command may be under way.
    [Theory]
    [InlineData("ReceiveAsync")]
    [InlineData("AttachAsync")]
    [InlineData("AskAsync")]
    public async Task Invoke_CallWithALoopAtTheEdge_IsLeftAlone(string method)
    {
        var call = Call.Make(method, Rejected(), null);
        await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => InvokeAsync(call));
        Assert.Equal(1, call.Count);
    }

    [Fact]
    public async Task Invoke_OfAGrainReachedNobody_IsMadeAgain()
    {
        var call = Call.Make("BindAsync", Rejected(), null).From(Tenant);
        await InvokeAsync(call);
        Assert.Equal(2, call.Count);
    }

    // The caller of that grain would make its whole call again, half of which may be done.
    [Fact]
    public async Task Invoke_OfAGrainReachesNobody_IsNoRejectionToTheGrainsCaller()
    {
        var inner = Call.Make("BindAsync", [.. Enumerable.Repeat(Rejected(), 1000)]).From(Tenant);
        var outer = Call.Make("CreateKeyAsync", await Assert.ThrowsAsync<SiloUnavailableException>(() => InvokeAsync(inner)), null);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => InvokeAsync(outer));
        Assert.Equal(1, outer.Count);
    }

    [Fact]
    public async Task Invoke_OfAGrainMayHaveBeenDone_IsNotMadeAgain()
    {
        var call = Call.Make("FindAsync", new TimeoutException(), null).From(Tenant);
        await Assert.ThrowsAsync<TimeoutException>(() => InvokeAsync(call));
        Assert.Equal(1, call.Count);
    }

    [Fact]
    public async Task Invoke_OfAGrainToAGateway_IsLeftAlone()
    {
        var call = Call.Make("CallAsync", Rejected(), null).From(GrainId.Create("charger", "c/A")).To(GrainId.Create("sys.client", "gone"));
        await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => InvokeAsync(call));
        Assert.Equal(1, call.Count);
    }

    // Nobody takes over a part of a certain silo. All callers of a grain wait while it is looked up in the directory of a silo that is gone.
    [Fact]
    public async Task Invoke_OfOrleansToAPartOfASilo_IsLeftAlone()
    {
        var call = Call.Make("LookupAsync", Rejected(), null).To(PartOfASilo);
        await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => InvokeAsync(call));
        Assert.Equal(1, call.Count);
    }

    [Fact]
    public async Task Invoke_OfAGrainToAPartOfASilo_FailsAtOnceAndIsNoRejectionToTheGrainsCaller()
    {
        var call = Call.Make("RegisterAsync", Rejected(), null).From(Tenant).To(PartOfASilo);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => InvokeAsync(call));
        Assert.Equal(1, call.Count);
    }

    // Only Orleans makes them.
    private static Exception Rejected() => (Exception)Activator.CreateInstance(
        typeof(OrleansMessageRejectionException), BindingFlags.NonPublic | BindingFlags.Instance, null, ["dead"], null)!;

    private async Task InvokeAsync(Call call)
    {
        var invoking = new CallsThroughTakeOver(_time).Invoke((IOutgoingGrainCallContext)(object)call);
        while (!invoking.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }

        await invoking;
    }

    /// <summary>A call that fails as it is told, each time it is made.</summary>
    public class Call : DispatchProxy
    {
        private Queue<Exception?> _outcomes = [];
        private string _method = "";
        private GrainId? _source;
        private GrainId _target = GrainId.Create("key", "k/A");

        public int Count { get; private set; }

        public static Call Make(string method, params Exception?[] outcomes)
        {
            var call = (Call)(object)Create<IOutgoingGrainCallContext, Call>();
            (call._method, call._outcomes) = (method, new Queue<Exception?>(outcomes));
            return call;
        }

        public Call From(GrainId source)
        {
            _source = source;
            return this;
        }

        public Call To(GrainId target)
        {
            _target = target;
            return this;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            "get_MethodName" => _method,
            "get_SourceId" => _source,
            "get_TargetId" => _target,
            "Invoke" => InvokeAsync(),
            _ => null,
        };

        private Task InvokeAsync()
        {
            Count++;
            return _outcomes.Dequeue() is { } failure ? Task.FromException(failure) : Task.CompletedTask;
        }
    }
}
