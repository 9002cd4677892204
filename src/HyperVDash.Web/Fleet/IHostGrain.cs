using HyperVDash.Model.Fleet;

namespace HyperVDash.Web.Fleet;

/// <summary>One virtual actor a host: keeps the newest reading and examines it.</summary>
public interface IHostGrain : IGrainWithStringKey
{
    /// <summary>A newer reading. While another source reads the host it is passed over.</summary>
    /// <param name="source">Agent and key it came from; several may read one host.</param>
    Task Apply(string source, [Immutable] HostReading reading);

    /// <summary>A source no longer reads this host; with none left nothing remains of it.</summary>
    Task Leave(string source);

    /// <summary>The settings of the rules are others: what is known is judged by them at once.</summary>
    Task Reexamine();
}

/// <summary>One virtual actor a cluster: compares its nodes.</summary>
public interface IClusterGrain : IGrainWithStringKey
{
    /// <param name="host">Key of the host's own actor.</param>
    Task Apply(string host, [Immutable] HostReading reading);

    /// <summary>The host is no node any more, or is not read any more.</summary>
    Task Drop(string host);

    /// <inheritdoc cref="IHostGrain.Reexamine"/>
    Task Reexamine();
}

/// <summary>One virtual actor for all hosts together.</summary>
public interface IFarmGrain : IGrainWithStringKey
{
    /// <summary>The key of the only one.</summary>
    const string Key = "farm";

    /// <param name="host">Key of the host's own actor.</param>
    Task Apply(string host, [Immutable] HostReading reading);

    /// <summary>The host is not read any more.</summary>
    Task Drop(string host);

    /// <inheritdoc cref="IHostGrain.Reexamine"/>
    Task Reexamine();
}
