using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Collect;

/// <summary>One section of a reading: what it asks the host, and what it makes of the answers.</summary>
internal interface ISectionReader
{
    /// <summary>JSON name of the section.</summary>
    string Section { get; }

    /// <summary>True if nothing can be said while Hyper-V itself cannot be asked.</summary>
    bool NeedsHyperV { get; }

    /// <summary>True if a read of nothing else only goes on with what the one before it began, so that it need not find out anew what the host has.</summary>
    bool GoesOn(HostReading before);

    /// <summary>Each class once; their number does not depend on what the host holds.</summary>
    IEnumerable<TableQuery> Queries(HostFacts host);

    /// <summary>A fixed list of registry values and keys.</summary>
    IEnumerable<RegistryValue> Values(HostFacts host);

    /// <summary>Questions that need the answers to the first ones. Most sections have none.</summary>
    Task FollowUpAsync(FollowUp follow, CancellationToken cancellationToken);

    void Put(ReadingBuilder reading, SectionSources sources, HyperVGap? gap);
}

/// <summary>What a section is made of.</summary>
internal sealed record SectionSources(TableSet Tables, HostFacts Host, HostMemory Memory, HostReading Before, CollectorOptions Options)
{
    /// <summary>Why Hyper-V could not be asked in this read; null if it could, or if nothing was to be asked of it.</summary>
    public HyperVGap? Gap { get; init; }
}

/// <summary>A section reader, with the lens to its section.</summary>
internal abstract class SectionReader<T>(string section, Func<HostReading, Section<T>> get, Func<HostReading, Section<T>, HostReading> set) : ISectionReader
    where T : class
{
    public string Section => section;

    public virtual bool NeedsHyperV => false;

    public virtual bool GoesOn(HostReading before) => false;

    public virtual IEnumerable<TableQuery> Queries(HostFacts host) => [];

    public virtual IEnumerable<RegistryValue> Values(HostFacts host) => [];

    public virtual Task FollowUpAsync(FollowUp follow, CancellationToken cancellationToken) => Task.CompletedTask;

    public void Put(ReadingBuilder reading, SectionSources sources, HyperVGap? gap) =>
        reading.Put(section, get, () => NeedsHyperV ? gap.Or(() => Read(sources)) : Read(sources), set);

    /// <summary>The section from the tables that were read; never throws for what a host answers.</summary>
    protected abstract SectionResult<T> Read(SectionSources sources);
}
