namespace HyperVDash.Model.Fleet;

/// <param name="Interval">The pause between two reads of the lane's sections.</param>
public sealed record LaneInterval(Lane Lane, TimeSpan Interval);
