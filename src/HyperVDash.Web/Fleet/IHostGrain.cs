using HyperVDash.Model.Fleet;

namespace HyperVDash.Web.Fleet;

/// <summary>One virtual actor a host: keeps the newest reading and examines it.</summary>
public interface IHostGrain : IGrainWithStringKey
{
    /// <summary>A newer reading; one older than what is known is passed over.</summary>
    Task Apply([Immutable] HostReading reading);
}

/// <summary>One virtual actor a cluster: compares its nodes.</summary>
public interface IClusterGrain : IGrainWithStringKey
{
    Task Apply([Immutable] HostReading reading);
}

/// <summary>One virtual actor for all hosts together.</summary>
public interface IFarmGrain : IGrainWithStringKey
{
    /// <summary>The key of the only one.</summary>
    const string Key = "farm";

    Task Apply([Immutable] HostReading reading);
}
