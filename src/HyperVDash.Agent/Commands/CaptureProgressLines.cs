using HyperVDash.Cim.Capture;

namespace HyperVDash.Agent.Commands;

/// <summary>Says how far a capture has come: on a terminal in one line that is written over, elsewhere in a line for each class.</summary>
internal sealed class CaptureProgressLines(TextWriter errors, bool isQuiet) : IProgress<CaptureProgress>, IDisposable
{
    private readonly bool _isTerminal = ReferenceEquals(errors, Console.Error) && !Console.IsErrorRedirected;
    private readonly Lock _gate = new();
    private string _host = "";
    private int _width;

    public void Begin(string host) => _host = host;

    public void Report(CaptureProgress value)
    {
        if (isQuiet || !(_isTerminal || value.IsWhole))
        {
            return;
        }

        string line = $"{_host}  {value.Class}  {value.Rows} rows, {CaptureFiles.Size(value.Bytes)} so far";
        lock (_gate)
        {
            if (_isTerminal)
            {
                errors.Write('\r' + line.PadRight(_width));
                _width = line.Length;
            }
            else
            {
                errors.WriteLine(line);
            }
        }
    }

    /// <summary>Clears the line for others.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (_width > 0)
            {
                errors.Write('\r' + new string(' ', _width) + '\r');
                _width = 0;
            }
        }
    }

    public void Dispose() => End();
}
