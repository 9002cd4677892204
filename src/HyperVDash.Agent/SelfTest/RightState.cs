namespace HyperVDash.Agent.SelfTest;

/// <summary>What came of a right on one host.</summary>
internal enum RightState
{
    /// <summary>The host was not asked, e.g. for a role that it does not have.</summary>
    NotAsked,

    Allowed,

    Denied,

    /// <summary>The host has no such namespace.</summary>
    Absent,

    /// <summary>It answered with nothing, as it does to an account without the right: there may be nothing, or the right may lack.</summary>
    Unproven,

    /// <summary>No answer to tell by, e.g. a time limit.</summary>
    Failed,
}
