using HyperVDash.Model.Fleet;
using Microsoft.Extensions.Logging;

namespace HyperVDash.Agent.Serve;

/// <summary>Logs what cannot be read of a host when that changes, not at every try.</summary>
internal sealed partial class HostTrouble(string host, ILogger log)
{
    private readonly HashSet<string> _silences = new(StringComparer.Ordinal);
    private string _trouble = "";
    private bool _isAway;

    /// <param name="isAway">The host does not answer, or refuses the account, whatever it is asked.</param>
    public void Note(HostReading reading, bool isAway)
    {
        var troubled = reading.Sections().Where(s => s.Section.Attempt.State is SectionState.Denied or SectionState.Failed).ToList();
        if (isAway)
        {
            // One reason for whatever was asked, and no list of sections.
            _silences.UnionWith(troubled.Select(s => s.Section.Attempt.Reason ?? ""));
            if (!_isAway)
            {
                LogAway(host, troubled.Count > 0 ? troubled[0].Section.Attempt.Reason : null);
            }

            _isAway = true;
            return;
        }

        if (_isAway)
        {
            _isAway = false;
            LogBack(host);
        }

        // What the other lanes could not ask meanwhile they ask again in a moment.
        if (troubled.RemoveAll(s => _silences.Contains(s.Section.Attempt.Reason ?? "")) == 0)
        {
            _silences.Clear();
        }

        string trouble = string.Join(", ", troubled.Select(s => s.Name));
        if (trouble == _trouble)
        {
            return;
        }

        _trouble = trouble;
        if (troubled.Count == 0)
        {
            LogHealed(host);
        }
        else
        {
            LogTroubled(host, trouble, troubled[0].Section.Attempt.Reason);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Could not read {Host}: {Reason}")]
    private partial void LogAway(string host, string? reason);

    [LoggerMessage(LogLevel.Information, "Read {Host} again after it could not be read")]
    private partial void LogBack(string host);

    [LoggerMessage(LogLevel.Warning, "Could not read {Sections} of {Host}: {Reason}")]
    private partial void LogTroubled(string host, string sections, string? reason);

    [LoggerMessage(LogLevel.Information, "Read {Host} again without trouble")]
    private partial void LogHealed(string host);
}
