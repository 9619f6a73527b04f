using System.Reflection;
using Capacitor.Silo;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;

namespace Capacitor.Grains.Tests.Silo;

public sealed class CallsThroughTakeOverTests
{
    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };

    [Fact]
    public async Task Invoke_ReachedNobody_IsMadeAgain()
    {
        var call = Call.Make("RegisterChargerAsync", Rejected(), Rejected(), null);
        await InvokeAsync(call);
        Assert.Equal(3, call.Count);
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

    // A charger's call has a loop of its own at the edge, which knows how long chargers wait.
    [Fact]
    public async Task Invoke_CallOfACharger_IsLeftAlone()
    {
        var call = Call.Make("ReceiveAsync", Rejected(), null);
        await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => InvokeAsync(call));
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

        public int Count { get; private set; }

        public static Call Make(string method, params Exception?[] outcomes)
        {
            var call = (Call)(object)Create<IOutgoingGrainCallContext, Call>();
            (call._method, call._outcomes) = (method, new Queue<Exception?>(outcomes));
            return call;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            "get_MethodName" => _method,
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
