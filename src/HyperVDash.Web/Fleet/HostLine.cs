using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Web.Fleet;

/// <summary>A host with its joins.</summary>
/// <param name="at">The moment it is shown for: what is too old then is not known.</param>
/// <param name="silentAgent">The agent that reads it, if that says nothing of it any more.</param>
/// <param name="isStale">No fresh data has come for longer than the rules allow.</param>
public sealed class HostLine(HostReading reading, DateTimeOffset at, AgentLink? silentAgent = null, bool isStale = false)
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

    /// <summary>The host answered that it has no Hyper-V, as a print server: that it runs no VM is known.</summary>
    public bool HasNoHyperV => Reading.VirtualMachines.Attempt.State == SectionState.Absent;

    /// <summary>Its VM list was tried, by this agent or before it started anew.</summary>
    public bool IsTried => Reading.VirtualMachines.Attempt.State != SectionState.Pending || Reading.VirtualMachines.ReadAt is not null;

    /// <summary>Its first reading is on the way. A host of which its agent says nothing may stay unread for ever and is not waited for.</summary>
    public bool IsAwaited => !IsTried && SilentAgent is null;

    /// <summary>Sections of which something is not known: not read yet, in part, denied, failed or old.</summary>
    public IEnumerable<NamedSection> Troubled => Reading.Sections().Where(s => KnowledgeOf(s.Name) is not (SectionKnowledge.Whole or SectionKnowledge.NotThere));

    /// <summary>Every section that it can have was read whole, and lately: only then may it be called healthy.</summary>
    public bool IsFullyKnown => IsCurrent && !Troubled.Any();

    /// <summary>Why it is not current, in a sentence.</summary>
    public string? WhyNotCurrent => IsCurrent ? null
        : SilentAgent?.WhySilentAbout(Id) is { } silence ? silence
        : Reading.VirtualMachines.Attempt.State is SectionState.Complete or SectionState.Partial ? "No fresh reading has come."
        : Reading.VirtualMachines.Attempt.Reason ?? "Not read yet.";

    /// <exception cref="ArgumentException">There is no section of that JSON name.</exception>
    public SectionKnowledge KnowledgeOf(string section) => Facts.Section(section) switch
    {
        { Attempt.State: SectionState.Absent or SectionState.Off or SectionState.Unsupported } => SectionKnowledge.NotThere,
        { Attempt.State: SectionState.Denied } => SectionKnowledge.Denied,
        { Attempt.State: SectionState.Pending } => SectionKnowledge.Pending,
        var unread when !unread.IsReadable() => SectionKnowledge.Failed,
        { Attempt.State: SectionState.Partial } => SectionKnowledge.Partial,
        _ => IsCurrent && !(Facts.StaleAt(section) <= at) ? SectionKnowledge.Whole : SectionKnowledge.Old,
    };
}
