namespace HyperVDash.Cim.Capture;

/// <summary>How far a capture has come.</summary>
/// <param name="Class">The class that is being written, or class and method.</param>
/// <param name="Rows">Its instances or calls so far.</param>
/// <param name="Bytes">Bytes of the whole capture so far, before compression.</param>
/// <param name="IsWhole">True once for each class, when it is written whole.</param>
public sealed record CaptureProgress(string Class, long Rows, long Bytes, bool IsWhole = false);
