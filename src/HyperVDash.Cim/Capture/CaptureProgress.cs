namespace HyperVDash.Cim.Capture;

/// <summary>How far a capture has come.</summary>
/// <param name="Class">The class that is being written, or class and method.</param>
/// <param name="Rows">Its instances or calls so far.</param>
/// <param name="Bytes">Bytes of the whole capture so far, before compression.</param>
public sealed record CaptureProgress(string Class, long Rows, long Bytes);
