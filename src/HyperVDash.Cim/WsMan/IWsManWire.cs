namespace HyperVDash.Cim.WsMan;

/// <summary>Brings an envelope to the host, signed in, and the answer's bytes back in clear.</summary>
internal interface IWsManWire : IDisposable
{
    /// <exception cref="CimException">The host refused to be asked.</exception>
    /// <exception cref="HttpRequestException">It could not be reached.</exception>
    Task<WsManBytes> PostAsync(ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken);
}
