import Yams
import ArgumentParser
import Hummingbird
