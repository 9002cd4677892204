namespace HyperVDash.Cim.Capture;

/// <summary>A recorded method call.</summary>
public sealed record CapturedCall(string Namespace, string Class, string Method, CimRow Arguments)
{
    public required CimReply Reply { get; init; }

    /// <summary>The host's error instead of a reply.</summary>
    public CimException? Error { get; init; }

    internal string Key => CaptureCalls.Key(Namespace, Class, Method, Arguments.Names.Select(n => (n, Arguments[n])));

    /// <summary>The call the reader stands on.</summary>
    internal static CapturedCall Read(JsonTokens json, string host)
    {
        var call = CaptureValues.ReadRow(json, "");
        string className = call.String("class") ?? throw json.Broken("a call has no \"class\"");
        string method = call.String("method") ?? throw json.Broken("a call has no \"method\"");
        return new CapturedCall((call.String("namespace") ?? "").Replace('\\', '/'), className, method, call["in"] as CimRow ?? CimRow.Of(""))
        {
            Reply = new CimReply(call.Int64("returnValue"), call["out"] as CimRow ?? CimRow.Of("")),
            Error = call["error"] is CimRow error ? CaptureErrors.Of(host, $"{className}.{method}", error) : null,
        };
    }
}
