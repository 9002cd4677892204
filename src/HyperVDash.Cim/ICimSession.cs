namespace HyperVDash.Cim;

/// <summary>
/// An open way to one host's CIM classes: WS-Management, Microsoft.Management.Infrastructure or a capture file.
/// Every member throws <see cref="CimException"/> for what the host or the wire answered, and nothing else but cancellation.
/// </summary>
public interface ICimSession : IAsyncDisposable
{
    /// <summary>Where it leads, for messages: a URL, a computer name or a file. Never a credential.</summary>
    string Target { get; }

    /// <summary>
    /// Streams the instances of a class. The stream ends only when the host said it was the end;
    /// a reply that was cut short ends it with <see cref="CimErrorKind.Protocol"/>, after the rows that came.
    /// </summary>
    IAsyncEnumerable<CimRow> QueryAsync(CimQuery query, CancellationToken cancellationToken);

    /// <summary>Calls a method; a return value other than 0 is an answer, not an exception.</summary>
    Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken);
}
