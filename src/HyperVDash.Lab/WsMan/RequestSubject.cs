namespace HyperVDash.Lab.WsMan;

/// <summary>What a request is about, for faults and the log; filled while it is answered.</summary>
internal sealed class RequestSubject
{
    public string Namespace { get; set; } = "";

    public string? Class { get; set; }

    public string? Wql { get; set; }

    public string Operation { get; set; } = "";

    /// <summary>Number of this reply within its enumeration, from 1: the answer to Enumerate.</summary>
    public int Reply { get; set; } = 1;
}
