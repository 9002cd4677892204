namespace HyperVDash.Cim;

/// <summary>What a question is about, as sentences name it.</summary>
/// <param name="Words">E.g. <c>Msvm_ComputerSystem in root/virtualization/v2</c>.</param>
internal sealed record CimTopic(string Words)
{
    /// <summary>The host's own name and version, which need no right in WMI.</summary>
    public static readonly CimTopic Identity = new("identify itself");

    private string? Namespace { get; init; }

    private string Class { get; init; } = "";

    private bool IsMethod { get; init; }

    public static CimTopic Of(CimQuery query) => Of(query.Namespace, query.Class);

    public static CimTopic Of(CimCall call) => new($"{call.Class}.{call.Method} in {call.Namespace}") { Namespace = call.Namespace, Class = call.Class, IsMethod = true };

    public static CimTopic Of(string cimNamespace, string className) => new($"{className} in {cimNamespace}") { Namespace = cimNamespace, Class = className };

    /// <summary>What to tell an operator whose account was denied it.</summary>
    public string Advice(bool isLocal) => Namespace is null ? HyperVRights.Remote : NamespaceRight.Advice(Namespace, Class, IsMethod, isLocal);

    public override string ToString() => Words;
}
