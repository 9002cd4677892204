using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Web.Fleet;

/// <summary>A host with its joins.</summary>
/// <param name="silentAgent">The agent that reads it, if that says nothing any more.</param>
/// <param name="isStale">No fresh data has come for longer than the rules allow.</param>
public sealed class HostLine(HostReading reading, AgentLink? silentAgent = null, bool isStale = false)
{
    public HostReading Reading { get; } = reading;

    public HostSubject Facts { get; } = new(reading);

    public string Id => Reading.Id ?? Reading.Key;

    public string Name => Reading.Name;

    /// <summary>Address of its page, below the dashboard's.</summary>
    public string Href => $"hosts/{Uri.EscapeDataString(Id)}";

    public AgentLink? SilentAgent { get; } = silentAgent;

    /// <summary>Why it was not read when somebody asked for it; null: it was, or nobody asked.</summary>
    public string? Refusal { get; init; }

    /// <summary>The VM list is from the newest attempt, and that is not long ago. That there is no Hyper-V, as on a print server, is an answer too.</summary>
    public bool IsCurrent { get; } = (reading.VirtualMachines.IsReadable() || reading.VirtualMachines.Attempt.State == SectionState.Absent) && silentAgent is null && !isStale;

    public IEnumerable<NamedSection> Troubled => Reading.Sections().Where(s => s.Section.Attempt.State is SectionState.Denied or SectionState.Failed or SectionState.Partial);

    /// <summary>Something of it is not known.</summary>
    public bool IsFullyKnown => IsCurrent && !Troubled.Any();

    /// <summary>Why it is not current, in a sentence.</summary>
    public string? WhyNotCurrent => IsCurrent ? null
        : SilentAgent is { } agent ? $"Agent {agent.Name} is silent: {agent.Reason}"
        : Reading.VirtualMachines.Attempt.State is SectionState.Complete or SectionState.Partial ? "No fresh reading has come."
        : Reading.VirtualMachines.Attempt.Reason ?? "Not read yet.";
}
