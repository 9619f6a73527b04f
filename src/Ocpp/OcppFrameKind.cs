namespace Capacitor.Ocpp;

/// <summary>What a received text frame turned out to be.</summary>
public enum OcppFrameKind
{
    /// <summary>Not a frame of OCPP-J at all, or without an id that an answer could name: 1.6 ignores it.</summary>
    Unreadable = 0,

    /// <summary><c>[2,"id","Action",{}]</c></summary>
    Call = 2,

    /// <summary><c>[3,"id",{}]</c></summary>
    CallResult = 3,

    /// <summary><c>[4,"id","code","description",{}]</c></summary>
    CallError = 4,

    /// <summary>A proper frame of a message type that 1.6 does not have; 1.6 SHALL ignore it.</summary>
    UnknownType = 5,

    /// <summary>A CALL with an id and a fault: answer it with <see cref="OcppFrame.ErrorCode"/>, its sender waits.</summary>
    BadCall = 6,

    /// <summary>A CALLRESULT with an id and a fault: the call it answers has ended, without a result.</summary>
    BadCallResult = 7,
}
