namespace HyperVDash.Cim.Capture;

/// <summary>A capture file that cannot be used; the message names the file and, where it is damaged, line and byte.</summary>
public sealed class CaptureException(string message, Exception? inner = null) : FormatException(message, inner);
