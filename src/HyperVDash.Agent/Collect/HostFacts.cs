namespace HyperVDash.Agent.Collect;

/// <summary>What the readers need to know of the host beside its tables.</summary>
/// <param name="Namespace">1 or 2; null if neither Hyper-V namespace answered.</param>
/// <param name="Build">Windows build, null while unknown.</param>
/// <param name="IsBeforeRelease">Hyper-V of 2008 before its release: columns are not sure, and heartbeat numbers say nothing.</param>
internal sealed record HostFacts(string Key, int? Namespace, int? Build, bool IsBeforeRelease, DateTimeOffset Now)
{
    public const string V1 = "root/virtualization";
    public const string V2 = "root/virtualization/v2";

    public bool IsV1 => Namespace == 1;

    public string HyperV => IsV1 ? V1 : V2;

    /// <summary>Windows Server 2008: the heartbeat's status is always 2 there.</summary>
    public bool IsFirstGeneration => Build is >= 6000 and < 7600 || (IsV1 && Build is null);
}
